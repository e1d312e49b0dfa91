// A labelled choice of one from a list, as the browser has it.

/** One choice. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Choices of one group stand together under its name. */
  readonly group?: string;
}

/** What is to be chosen, and from what. */
export interface PickerProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (value: string) => void;
}

/** A select element with its label; a value that is not among the choices is shown as it is. */
export function Picker({ label, value, choices, onChoose }: PickerProps) {
  const groups = [...new Set(choices.map(({ group }) => group))];
  const known = choices.some((one) => one.value === value);
  return (
    <label class="picker">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {known ? null : <option value={value}>{value} (unknown)</option>}
        {groups.map((group) => {
          const options = choices
            .filter((one) => one.group === group)
            .map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ));
          return group === undefined ? (
            options
          ) : (
            <optgroup key={group} label={group}>
              {options}
            </optgroup>
          );
        })}
      </select>
    </label>
  );
}
