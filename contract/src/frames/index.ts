/** Frames that our data source sends and our panel reads, by what they tell of. */
export * from './fleet';
export * from './drift';
export * from './accuracy';
export * from './groups';
export * from './coverage';
export * from './custom';
export * from './slo';
export * from './alerts';
export * from './mark';
