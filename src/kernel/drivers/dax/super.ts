// The DAX core, as its users import it. @source drivers/dax/super.c v6.12

export * from './super-access.ts';
export * from './super-device.ts';
