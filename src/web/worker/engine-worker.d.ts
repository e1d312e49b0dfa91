// The module that starts the engine's worker, chosen by vite.config.ts.

declare module 'dachs:engine-worker' {
  /** A new worker. */
  export function startEngine(): Worker;
}
