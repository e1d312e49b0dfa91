// The slider of kernels: from the oldest to the newest, with the names of all as text.

/** What is to be chosen from, and how. */
export interface KernelSliderProps {
  readonly kernels: readonly { readonly id: string; readonly title: string }[];
  readonly value: string;
  readonly onChoose: (id: string) => void;
}

/** A range of kernels; `[` and `]` move it from everywhere in the view, so also from itself. */
export function KernelSlider({ kernels, value, onChoose }: KernelSliderProps) {
  const index = kernels.findIndex(({ id }) => id === value);
  const title = kernels[index]?.title ?? '';
  const choose = (at: number): void => {
    const next = kernels[at];
    if (next) onChoose(next.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { '[': -1, ']': 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    choose(index + by);
  };
  return (
    <div class="matrix-slider">
      <label for="matrix-kernel">
        Kernel <strong>{value}</strong>
      </label>
      <span class="matrix-title">{title}</span>
      <input
        id="matrix-kernel"
        type="range"
        min={0}
        max={kernels.length - 1}
        step={1}
        value={Math.max(0, index)}
        aria-valuetext={`${value}: ${title}`}
        onInput={({ currentTarget }) => choose(currentTarget.valueAsNumber)}
        onKeyDown={onKeyDown}
      />
      <ol class="matrix-ticks" aria-hidden="true">
        {kernels.map(({ id, title: about }) => (
          <li
            key={id}
            class={id === value ? 'matrix-now' : ''}
            title={about}
            onClick={() => onChoose(id)}
          >
            {id}
          </li>
        ))}
      </ol>
      {kernels.some(({ id }) => id === 'v1') ? (
        <p class="matrix-title matrix-series">
          v1 to v6 are the postings of the patch series that Linux 6.9 merged.
        </p>
      ) : null}
    </div>
  );
}
