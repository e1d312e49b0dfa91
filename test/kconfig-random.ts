// Random Kconfig texts without recursive dependencies: a symbol depends only on symbols before it
// and selects only symbols behind it. The same seed always makes the same text.

/** A text, and a preset for some of its bool and tristate symbols. */
export interface RandomKconfig {
  readonly text: string;
  readonly preset: Readonly<Record<string, string>>;
}

const letters = 'ABCDEFGHIJKLMN'.split('');
const constants = ['y', 'n', 'm', 'UNDEFINED'];

/** What a text may hold. */
export interface RandomShape {
  /**
   * Allows `X != y`, which conf of 6.11 and 6.12 misreads for a bool (it takes the symbol for an
   * expression).
   */
  readonly comparesWithY: boolean;
  /** Symbols beside MODULES, at most 14; 14 where absent. */
  readonly size?: number;
  /** Strings, comparisons with numbers, and limits and defaults that are symbols. */
  readonly texts?: boolean;
  /** Symbols that may depend on themselves, which conf refuses. */
  readonly cycles?: boolean;
  /** Optional and tristate choices, which there are up to 6.10. */
  readonly oldChoices?: boolean;
}

/** Makes one text. */
export function randomKconfig(seed: number, shape: RandomShape): RandomKconfig {
  return new Generator(seed, shape).make();
}

class Generator {
  private state: number;
  private readonly shape: RandomShape;
  private readonly symbols: readonly string[];
  private readonly types = new Map<string, string>();
  // Number of symbols that an expression may name.
  private known = 0;

  constructor(seed: number, shape: RandomShape) {
    this.state = seed % 0x7fffffff;
    this.shape = shape;
    this.symbols = letters.slice(0, shape.size);
  }

  make(): RandomKconfig {
    for (const name of this.symbols) {
      const texts = this.shape.texts === true ? ['int', 'hex', 'string'] : ['int', 'hex'];
      this.types.set(name, this.pick(['bool', 'bool', 'tristate', 'tristate', ...texts]));
    }
    let text = this.below(4) > 0 ? 'config MODULES\n\tbool "m"\n\tmodules\n' : '';
    const queue = [...this.symbols];
    const ends: string[] = [];
    while (queue.length > 0) {
      this.known = Math.min(2, this.symbols.length - queue.length);
      const turn = this.below(12);
      if (turn === 0) text += `if ${this.expr()}\n${this.push(ends, 'endif\n')}`;
      else if (turn === 1) text += `menu "m"\n${this.menuLines()}${this.push(ends, 'endmenu\n')}`;
      else if (turn === 2) text += ends.pop() ?? '';
      else if (turn === 3 && queue.length > 3) text += this.choice(queue.splice(0, 3));
      else text += this.config(queue.shift() ?? 'A');
    }
    return { text: text + ends.reverse().join(''), preset: this.preset() };
  }

  private push(ends: string[], end: string): string {
    ends.push(end);
    return '';
  }

  private menuLines(): string {
    const depends = this.below(2) > 0 ? `\tdepends on ${this.expr()}\n` : '';
    return depends + (this.below(2) > 0 ? `\tvisible if ${this.expr()}\n` : '');
  }

  private choice(members: readonly string[]): string {
    this.known = this.symbols.indexOf(members[0] ?? 'A');
    const old = this.shape.oldChoices === true;
    const type = old ? this.pick(['bool', 'tristate']) : 'bool';
    for (const name of members) {
      this.types.set(name, type === 'tristate' ? this.pick(['bool', type, type]) : 'bool');
    }
    let text = `choice\n\tprompt "c"${this.condition()}\n`;
    if (type === 'tristate') text += '\ttristate\n';
    if (old && this.below(2) > 0) text += '\toptional\n';
    if (this.below(2) > 0) text += `\tdepends on ${this.expr()}\n`;
    if (this.below(2) > 0) text += `\tdefault ${this.pick(members)}${this.condition()}\n`;
    const body = members.map((name) => this.definition(name, members.at(-1)));
    return `${text}${body.join('')}endchoice\n`;
  }

  private config(name: string): string {
    this.known = this.symbols.indexOf(name);
    const twice = this.below(6) === 0 ? this.definition(name, undefined) : '';
    return this.definition(name, undefined) + twice;
  }

  // `last` is the last member of the choice around the symbol.
  private definition(name: string, last: string | undefined): string {
    const type = this.types.get(name) ?? 'bool';
    const logic = type === 'bool' || type === 'tristate';
    const behind = this.symbols.slice(this.symbols.indexOf(last ?? name) + 1).concat('NOBODY');
    const base = type === 'hex' ? '0x' : '';
    const prompt = last !== undefined || this.below(4) > 0 ? ` "p"${this.condition()}` : '';
    let text = `config ${name}\n\t${type}${prompt}\n`;
    for (let count = this.below(4); count > 0; count -= 1) {
      const turn = this.below(6);
      if (turn < 2) text += `\tdepends on ${this.expr()}\n`;
      else if (turn === 2 && last === undefined) {
        const value = logic ? this.expr() : this.value(type, `${base}${this.below(30)}`);
        text += `\tdefault ${value}${this.condition()}\n`;
      } else if (turn === 3 && logic) {
        text += `\tselect ${this.pick(behind)}${this.condition()}\n`;
      } else if (turn === 4 && logic) {
        text += `\timply ${this.pick(behind)}${this.condition()}\n`;
      } else if (turn === 5 && !logic && type !== 'string') {
        const low = this.value(type, `${base}5`);
        text += `\trange ${low} ${base}14${this.condition()}\n`;
      }
    }
    return text;
  }

  // A constant, or an earlier symbol of the same type.
  private value(type: string, constant: string): string {
    const like = this.symbols.slice(0, this.known).filter((name) => this.types.get(name) === type);
    if (this.shape.texts === true && like.length > 0 && this.below(3) === 0) return this.pick(like);
    return type === 'string' ? `"${this.pick(['a', 'b'])}"` : constant;
  }

  private preset(): Readonly<Record<string, string>> {
    const preset: Record<string, string> = {};
    if (this.below(2) === 0) return preset;
    for (const name of this.symbols) {
      const type = this.types.get(name);
      if (type !== 'bool' && type !== 'tristate') continue;
      if (this.below(4) === 0) preset[name] = this.pick(['y', 'n']);
    }
    return preset;
  }

  private condition(): string {
    return this.below(3) === 0 ? ` if ${this.expr()}` : '';
  }

  private expr(depth = 0): string {
    const turn = this.below(10);
    if (depth > 2 || turn < 4) return this.operand();
    if (turn < 5) return `!${this.expr(depth + 1)}`;
    if (turn < 9) {
      const sign = turn < 7 ? '&&' : '||';
      return `(${this.expr(depth + 1)} ${sign} ${this.expr(depth + 1)})`;
    }
    if (this.known === 0) return 'y';
    const left = this.earlier();
    const right = this.pick(['n', 'm', 'y', this.earlier()]);
    const ops = right === 'y' && !this.shape.comparesWithY ? ['='] : ['=', '!=', '<', '>='];
    const constant = this.shape.texts === true ? this.constant(left) : undefined;
    return `${left} ${this.pick(ops)} ${constant ?? right}`;
  }

  private constant(left: string): string | undefined {
    const type = this.types.get(left);
    if (type === 'string') return this.pick(['"a"', '"c"']);
    if (type === 'int') return this.pick(['7', '12']);
    return type === 'hex' ? this.pick(['0x7', '0x12']) : undefined;
  }

  private operand(): string {
    return this.known > 0 && this.below(4) > 0 ? this.earlier() : this.pick(constants);
  }

  private earlier(): string {
    const any = this.shape.cycles === true && this.below(6) === 0;
    return this.pick(any ? this.symbols : this.symbols.slice(0, this.known));
  }

  private pick(list: readonly string[]): string {
    return list[this.below(list.length)] ?? '';
  }

  private below(limit: number): number {
    this.state = (Math.imul(this.state, 1103515245) + 12345) & 0x7fffffff;
    return (this.state >> 8) % limit;
  }
}
