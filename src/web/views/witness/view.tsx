// The witness view: not built yet.

/** Says that there is nothing. */
export default function View() {
  return <h1>witness</h1>;
}
