// The replay view: not built yet.

/** Says that there is nothing. */
export default function View() {
  return <h1>replay</h1>;
}
