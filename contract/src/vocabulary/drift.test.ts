import { driftRowsNeeded } from './drift';

// With 100 rows and no drift PSI over 13 bins is above 0.15 in 19 of 100 windows.
it.each([
  ['psi', 0.1, 390],
  ['psi', 0.149, 390],
  ['psi', 0.15, 260],
  ['psi', 0.25, 260],
  ['js', 0.15, 390],
] as const)('asks with %s from %d on for %d rows of 13 bins', (method, warning, rows) => {
  expect(driftRowsNeeded(13, method, warning)).toBe(rows);
});
