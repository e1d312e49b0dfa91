// The litmus view: not built yet.

/** Says that there is nothing. */
export default function View() {
  return <h1>litmus</h1>;
}
