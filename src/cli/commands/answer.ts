// What a command hands back to the rim: text for stdout (or -o), and the exit status.

export interface Answer {
  readonly text: string;
  readonly exit: number;
}
