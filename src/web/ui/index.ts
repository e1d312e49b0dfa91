export * from './announce.tsx';
export * from './buttons.tsx';
export * from './fault.tsx';
export * from './figure.tsx';
export * from './keys.tsx';
export * from './picker.tsx';
export * from './use-answer.ts';
