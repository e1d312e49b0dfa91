// What there is after a step: mounts, open files, mappings, and what the kernel logged. What the
// step changed is marked by a word.

import type { SceneStep } from './asks.ts';
import { type Changed, changesOf } from './changes.ts';
import { changeWord, hex } from './words.ts';

/** The state after a step, beside that after the step before. */
export function StateTables({
  step,
  before,
  first,
}: {
  readonly step: SceneStep;
  readonly before: SceneStep | undefined;
  readonly first: boolean;
}) {
  const { state, log, given } = step;
  if (state === undefined) return null;
  const old = before?.state;
  const mounts = changesOf(old?.mounts, state.mounts, ({ dir, source }) => `${dir} ${source}`);
  const files = changesOf(old?.files, state.files, ({ name, path }) => `${name} ${path}`);
  const mappings = changesOf(old?.mappings, state.mappings, ({ name }) => name);
  const nothing = mounts.length + files.length + mappings.length === 0;
  return (
    <section class="replay-state" aria-labelledby="replay-state">
      <h3 id="replay-state">After this step</h3>
      {nothing ? <p class="quiet">Nothing is mounted, open or mapped.</p> : null}
      <Things
        title="Mounts"
        columns={['on', 'device', 'type', 'options']}
        rows={mounts}
        cells={({ dir, source, fstype, opts }) => [dir, source, fstype, opts]}
      />
      <Things
        title="Open files"
        columns={['name', 'path', 'bytes', 'goes through']}
        rows={files}
        cells={({ name, path, bytes, dax }) => [
          name,
          path,
          String(bytes),
          dax ? 'DAX' : 'page cache',
        ]}
      />
      <Things
        title="Mappings"
        columns={['name', 'address', 'bytes', 'VmFlags']}
        rows={mappings}
        cells={({ name, address, lengthBytes, flags }) => [
          name,
          hex(address),
          String(lengthBytes),
          flags,
        ]}
      />
      {log.length > 0 ? (
        <>
          <h4>{first ? 'Kernel log, from boot on' : 'Kernel log of this step'}</h4>
          <pre tabIndex={0}>{log.join('\n')}</pre>
        </>
      ) : null}
      {given.length > 0 ? <p class="quiet">Taken as given: {given.join('; ')}.</p> : null}
    </section>
  );
}

function Things<T>({
  title,
  columns,
  rows,
  cells,
}: {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Changed<T>[];
  readonly cells: (thing: T) => readonly string[];
}) {
  if (rows.length === 0) return null;
  const isChanged = rows.some(({ change }) => change !== 'same');
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {isChanged ? <th scope="col">in this step</th> : null}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ thing, change }, i) => (
            <tr key={i} class={change}>
              {cells(thing).map((text, k) => (
                <td key={k}>
                  <code>{text}</code>
                </td>
              ))}
              {isChanged ? <td>{changeWord(change)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
