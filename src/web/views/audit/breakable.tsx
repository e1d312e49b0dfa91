// Paths that may be broken behind their slashes, and nowhere else.

/** A path or place. */
export function Breakable({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/(?<=\/)/).map((part, i) => (
        <span key={i}>
          {i > 0 ? <wbr /> : null}
          {part}
        </span>
      ))}
    </>
  );
}
