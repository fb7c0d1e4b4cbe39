import React, { useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelData } from '@grafana/data';
import { getTemplateSrv, locationService } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import { pickersOf, type PickedField, type Picker } from '../../model/pickers';
import { getPickerStyle } from './styles';

function getStyles(theme: GrafanaTheme2) {
  return {
    select: css(getPickerStyle(theme), { maxWidth: 130 }),
    label: css({ display: 'flex', gap: 5, alignItems: 'center', flex: 'none', whiteSpace: 'nowrap' }),
  };
}

const NAMES: Readonly<Record<PickedField, string>> = {
  version: 'Version',
  segment: 'Segment',
  segment_value: 'Value',
};

interface PickersProps {
  readonly data: PanelData;
  /** Kinds of queries that the view shows. */
  readonly kinds: readonly string[];
}

/** Sets those dashboard variables that decide of which version and segment the answer is. */
export function Pickers({ data: { request }, kinds }: PickersProps) {
  const styles = useStyles2(getStyles);
  // The variable has the new value only when Grafana asks again: until then the choice would jump back.
  const [chosen, setChosen] = useState<{ request: typeof request; variable: string; value: string }>();
  const pickers = pickersOf(request?.targets ?? [], kinds, () => getTemplateSrv().getVariables());
  const valueOf = ({ variable, value }: Picker) =>
    chosen?.request === request && chosen?.variable === variable ? chosen.value : value;
  const choose = (variable: string, value: string) => {
    setChosen({ request, variable, value });
    locationService.partial({ [`var-${variable}`]: value }, true);
  };
  return (
    <>
      {pickers.map((picker) => (
        <label key={picker.field} className={styles.label}>
          {NAMES[picker.field]}
          <select
            className={styles.select}
            value={valueOf(picker)}
            onChange={({ target }) => choose(picker.variable, target.value)}
          >
            {picker.value === '' && (
              <option value="" disabled>
                choose
              </option>
            )}
            {picker.choices.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      ))}
    </>
  );
}
