/** Colours of the states by Grafana's names, so that both themes adapt. Measured for colour-blind readers (palette.test). */
import type { GrafanaTheme2 } from '@grafana/data';
import type { HealthState } from '@modelwatch/contract';

const STATE_COLOR_NAMES = { failed: 'dark-red', degraded: 'orange', healthy: 'blue' } as const;
/** Grafana names no neutral grey; these two were measured against the panel of each theme and against the hues. */
const NEUTRAL_GREY = { dark: '#8E8E8E', light: '#6E6E6E' } as const;

export function neutralGrey(theme: GrafanaTheme2): string {
  return theme.isDark ? NEUTRAL_GREY.dark : NEUTRAL_GREY.light;
}

/** The colour of a mark; never of text. */
export function stateColor(theme: GrafanaTheme2, state: HealthState): string {
  const name = state in STATE_COLOR_NAMES ? STATE_COLOR_NAMES[state as keyof typeof STATE_COLOR_NAMES] : undefined;
  return name ? theme.visualization.getColorByName(name) : neutralGrey(theme);
}

/** Where a fill has less than 3:1 against the panel, the mark gets an outline in the colour of text. */
export function outlineColor(theme: GrafanaTheme2, state: HealthState): string {
  const weak = theme.isDark ? state === 'failed' : state === 'degraded';
  return weak ? theme.colors.text.primary : stateColor(theme, state);
}

/** The colour with an opacity, as `#rrggbbaa`. */
export function withAlpha(hex: string, alpha: number): string {
  return `${hex}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

/** Tint behind what needs attention; it only repeats what mark and word say. */
export function tint(theme: GrafanaTheme2, state: HealthState): string {
  const strength = { failed: theme.isDark ? 0.24 : 0.1, degraded: 0.1 } as const;
  const grey = theme.isDark ? 0.1 : 0.07;
  return withAlpha(stateColor(theme, state), state === 'failed' || state === 'degraded' ? strength[state] : grey);
}

/** A thin line at the critical limit: the red of the state is too dark for one on a dark panel. */
export function limitLine(theme: GrafanaTheme2): string {
  return theme.isDark ? withAlpha('#E25C6C', 0.55) : stateColor(theme, 'failed');
}

/** Four steps below the first limit of drift: from the panel's own colour towards the blue of the state. */
const DRIFT_STEPS = {
  dark: ['#1D232C', '#213049', '#274066', '#305489'],
  light: ['#F2F5FA', '#DBE6F8', '#BCD1F2', '#93B5EA'],
} as const;

export function driftSteps(theme: GrafanaTheme2): readonly [string, string, string, string] {
  return theme.isDark ? DRIFT_STEPS.dark : DRIFT_STEPS.light;
}
