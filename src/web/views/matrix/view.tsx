// The matrix: which stacks of driver, file system and option work on which machine.

import type { ViewProps } from '../../views.ts';
import { CopyButton, Fault, useAnswer } from '../../ui/index.ts';

/** The matrix of the kernel that the link names. */
export default function MatrixView({ link }: ViewProps) {
  const kernel = link.params['kernel'] ?? '6.12';
  const stack = useAnswer('stack', { kernel });
  return (
    <>
      <h1>Matrix</h1>
      {stack.state === 'fault' ? <Fault message={stack.message} /> : null}
      {stack.state === 'here' ? (
        <>
          <CopyButton label="Copy as text" text={() => stack.answer.text} shortcut="c" />
          <pre tabIndex={0}>{stack.answer.text}</pre>
        </>
      ) : null}
    </>
  );
}
