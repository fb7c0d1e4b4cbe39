/** Rows that may be looked at: what the exporter has room for, and what they are read with. */
import { z } from 'zod';

export const explorationSchema = z.strictObject({
  /** A file with the token that rows are read with; without one no rows are held. */
  tokenFile: z.string().min(1).optional(),
  /** Of all models together. */
  maxBytes: z.number().int().min(1_024).max(17_179_869_184).default(67_108_864),
  maxRowsPerModel: z.number().int().min(1).max(1_000_000).default(10_000),
});

/** Undefined where no rows may be held: whoever runs the exporter has to say so, not only the owner of a model. */
export function explorationLimits({ tokenFile, ...limits }: z.infer<typeof explorationSchema>) {
  return tokenFile === undefined ? undefined : limits;
}
