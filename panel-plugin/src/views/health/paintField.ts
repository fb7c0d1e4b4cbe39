import type { GrafanaTheme2 } from '@grafana/data';
import type { FieldLayout, Mark } from '../../layout/field';
import type { ModelGroup } from '../../model/types';
import { countText } from '../../model/words';
import { fitTitle } from './FieldSvg';
import { neutralGrey, outlineColor, stateColor } from '../shared/palette';

function paintHeads(
  pen: CanvasRenderingContext2D,
  layout: FieldLayout,
  groups: readonly ModelGroup[],
  theme: GrafanaTheme2
) {
  for (const { block, x, y, width } of layout.heads) {
    const group = groups[block];
    if (!group) continue;
    pen.textAlign = 'left';
    pen.font = `500 12px ${theme.typography.fontFamily}`;
    pen.fillStyle = theme.colors.text.primary;
    pen.fillText(fitTitle(group.title, width), x, y + 13);
    pen.textAlign = 'right';
    pen.font = `400 12px ${theme.typography.fontFamily}`;
    pen.fillStyle = theme.colors.text.secondary;
    pen.fillText(countText(group.models.length), x + width, y + 13);
    pen.strokeStyle = theme.colors.border.weak;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, y + 18.5);
    pen.lineTo(x + width, y + 18.5);
    pen.stroke();
  }
}

/** Diamond with cross, triangle with bar: the same shapes as the mark of 16 px. */
function paintBig(pen: CanvasRenderingContext2D, mark: Mark, theme: GrafanaTheme2) {
  const failed = mark.state === 'failed';
  pen.save();
  pen.translate(mark.x - 8, mark.y - 8);
  const outline = new Path2D(failed ? 'M8 .9 15.1 8 8 15.1 .9 8Z' : 'M8 1.4 15.2 14.2H.8Z');
  pen.fillStyle = stateColor(theme, mark.state);
  pen.fill(outline);
  pen.lineWidth = failed ? 1.2 : 1;
  pen.strokeStyle = outlineColor(theme, mark.state);
  pen.stroke(outline);
  pen.lineCap = 'round';
  pen.lineWidth = 1.6;
  pen.strokeStyle = failed ? '#FFFFFF' : '#1B1204';
  pen.stroke(new Path2D(failed ? 'M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8' : 'M8 5.6v4.1M8 11.4v.9'));
  pen.restore();
}

function paintSmall(pen: CanvasRenderingContext2D, mark: Mark, theme: GrafanaTheme2) {
  const healthy = mark.state === 'healthy';
  pen.beginPath();
  pen.arc(mark.x, mark.y, healthy ? 2.5 : 3, 0, 2 * Math.PI);
  if (healthy) {
    pen.globalAlpha = 0.85;
    pen.fillStyle = stateColor(theme, 'healthy');
    pen.fill();
    pen.globalAlpha = 1;
  } else {
    pen.lineWidth = 1.3;
    pen.strokeStyle = neutralGrey(theme);
    pen.stroke();
  }
}

/** Paints the whole field, sharp on dense screens. */
export function paintField(
  canvas: HTMLCanvasElement,
  layout: FieldLayout,
  groups: readonly ModelGroup[],
  theme: GrafanaTheme2
): void {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.ceil(layout.width * density);
  canvas.height = Math.ceil(layout.height * density);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.scale(density, density);
  paintHeads(pen, layout, groups, theme);
  for (const mark of layout.marks) (mark.big ? paintBig : paintSmall)(pen, mark, theme);
  pen.globalAlpha = 0.85;
  pen.fillStyle = stateColor(theme, 'healthy');
  for (const { x, y, width } of layout.bars) pen.fillRect(x, y, width, 5);
  pen.globalAlpha = 1;
}
