// The list of keys, opened by `?`.

import { useEffect, useRef } from 'preact/hooks';
import { boundKeys, keyLabel } from './keys.tsx';

/** A dialog with every act that a key does at this moment. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Does</th>
          </tr>
        </thead>
        <tbody>
          {boundKeys().map(({ keys, does }) => (
            <tr key={does}>
              <td>
                {keys.map((key, i) => (
                  <>
                    {i > 0 ? ' or ' : ''}
                    <kbd>{keyLabel(key)}</kbd>
                  </>
                ))}
              </td>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>Tab reaches everything else; Enter presses what is in focus.</p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
