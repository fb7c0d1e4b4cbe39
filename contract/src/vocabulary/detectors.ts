/** Detectors that somebody else runs: what they find is shown beside our own drift, and marked with where it is from. */

/** `drift`: a batch or a stream as a whole; `outlier`: row by row, adversarial ones too. */
export const DETECTOR_KINDS = ['drift', 'outlier'] as const;
export type DetectorKind = (typeof DETECTOR_KINDS)[number];

/** Who computed it. */
export const DETECTOR_SOURCES = ['alibi-detect', 'trustyai', 'other'] as const;
export type DetectorSource = (typeof DETECTOR_SOURCES)[number];

/** What a detector said of a batch, or of a row. */
export const DETECTION_OUTCOMES = ['flagged', 'clear'] as const;
export type DetectionOutcome = (typeof DETECTION_OUTCOMES)[number];

/** Why an answer of a detector on a known model is not counted. `no_room`: it would have series, and there may be no more of them. */
export const DETECTION_REFUSALS = ['no_room'] as const;
export type DetectionRefusal = (typeof DETECTION_REFUSALS)[number];

/** What a threshold is of. A p-value is drift below it, a score above it. */
export const DETECTOR_THRESHOLDS = ['p_value', 'score'] as const;
export type DetectorThreshold = (typeof DETECTOR_THRESHOLDS)[number];

/**
 * Verdict of a detector of drift. `warning`: its last result is drift. Never critical: a p-value knows whether there is a
 * difference, not whether it matters. `too_little_data`: the detector says so itself.
 */
export const DETECTOR_STATES = ['warning', 'stale', 'too_little_data', 'ok'] as const;
export type DetectorState = (typeof DETECTOR_STATES)[number];

/** A result that is older is stale; after twice as long the detector is forgotten. */
export const DETECTION_FRESH_SECONDS = 86_400;

/** The p-value below which a test of TrustyAI, which publishes no threshold, is drift. */
export const TRUSTYAI_P_VALUE = 0.05;
