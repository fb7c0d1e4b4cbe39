/** One mark per state: a shape and a colour, always beside the word. Drawn on a grid of 16. */
import type { HealthState } from '@modelwatch/contract';
import { html, raw, type Html } from './html';

const RING = '<circle class="ring" cx="8" cy="8" r="6"/>';
const SHAPES: Record<HealthState, string> = {
  failed: '<path class="crit" d="M8 1 15 8l-7 7-7-7z"/><path class="on-crit" d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6"/>',
  degraded: '<path class="warn" d="M8 1.5 15 14.2H1z"/><path class="on-warn" d="M8 5.8v4m0 1.7v.8"/>',
  stale: `${RING}<path class="hand" d="M8 4.5v3.8l2.6 1.5"/>`,
  unknown:
    '<circle class="ring dashed" cx="8" cy="8" r="6"/><path class="hand" d="M6.4 6.4c.1-2 3.2-2 3.2 0C9.6 7.8 8 7.7 8 9.1m0 1.9v.6"/>',
  progressing: `${RING}<path class="grey" d="M8 3.7a4.3 4.3 0 0 1 0 8.6z"/>`,
  idle: `${RING}<path class="hand" d="M6.4 5.7v4.6m3.2-4.6v4.6"/>`,
  healthy: '<circle class="ok" cx="8" cy="8" r="5"/>',
};

/** Hidden from screen readers: the word says it. */
export function mark(state: HealthState, size = 16): Html {
  return html`<svg class="mark" width="${size}" height="${size}" viewBox="0 0 16 16" aria-hidden="true">
    ${raw(SHAPES[state])}
  </svg>`;
}
