// Random texts in the macro language: variables of both flavours, functions, the built-in ones,
// blanks, commas and parentheses in places where they matter. The same seed always makes the same
// text. A simple variable never names itself, not even through others: conf then reads memory that
// it has freed.

const recursive = ['A', 'B', 'C', 'f'];
const words = ['x', 'y', 'n', 'foo', '  ', ' ', ',', '(p)', '$', '#', "'", '"', '-', '1'];

/** Makes one text; it may end in an error. */
export function randomMacros(seed: number): string {
  return new Generator(seed).make();
}

class Generator {
  private state: number;
  private simple = 0;

  constructor(seed: number) {
    this.state = seed % 0x7fffffff;
  }

  make(): string {
    const lines = Array.from({ length: 14 }, () => this.line());
    return `${lines.join('\n')}\n$(info,$(A)|$(B)|$(f,one,two))\n`;
  }

  private line(): string {
    switch (this.below(10)) {
      case 0:
      case 1:
        return `${this.pick(recursive)} = ${this.text(true)}`;
      case 2: {
        const value = this.text(false);
        this.simple += 1;
        return `S${this.simple} := ${value}`;
      }
      case 3:
        return `${this.pick(recursive)} += ${this.text(true)}`;
      case 4:
        return this.simple === 0 ? '' : `S${this.below(this.simple) + 1} += ${this.word()}`;
      case 5:
        return `$(warning-if,${this.pick(['y', 'n', ' y', '$(A)'])},${this.text(false)})`;
      case 6:
        return `config K${this.state}\n\tbool "$(warning-if,y,${this.plain()})" \\\n\t if $(S1)y`;
      case 7:
        return `$(${this.pick(['error-if,n', 'error-if,$(S1)', 'error-if,$(C)'])},${this.plain()})`;
      default:
        return `$(info,${this.text(false)})`;
    }
  }

  private text(inBody: boolean): string {
    return Array.from({ length: 1 + this.below(4) }, () => this.piece(inBody)).join('');
  }

  private piece(inBody: boolean): string {
    switch (this.below(12)) {
      case 0:
        return `$(${this.pick(recursive)})`;
      case 1:
      case 2:
        return this.simple === 0 ? 'none' : `$(S${1 + this.below(this.simple)})`;
      case 3:
        return `$(f,${this.argument(inBody)},${this.argument(inBody)})`;
      case 4:
        return this.pick(['$(1)', '$(2)', '$( 1)', '$(10)', '$(0)']);
      case 5:
        return this.pick(['$(lineno)', '$(filename)', '$()', '$(NONE)', '$(HERE)', this.named()]);
      case 6:
        return this.below(9) > 0 ? '(q)' : this.pick(['$(info)', '$(A', '$(lineno,x)']);
      default:
        return this.word();
    }
  }

  private named(): string {
    return this.simple === 0 ? '$($(NONE))' : '$($(S1))';
  }

  // An argument in a body must not grow with each call of the body.
  private argument(inBody: boolean): string {
    return inBody ? this.pick(['x', '$(1)', '$(2)', ' ']) : this.text(true);
  }

  private plain(): string {
    return `${this.pick(['a', ' b', '(c)'])}${this.piece(true)}`;
  }

  private word(): string {
    return this.pick(words);
  }

  private pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined) throw new Error('an empty list');
    return chosen;
  }

  private below(limit: number): number {
    this.state = (this.state * 48271) % 0x7fffffff;
    return this.state % limit;
  }
}
