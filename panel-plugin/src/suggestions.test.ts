/** @jest-environment jsdom */
import { createDataFrame, FieldType } from '@grafana/data';
import { fixture } from './workbench/fixtures';
import { binaryDetails, calmAccuracy } from './workbench/mockAccuracy';
import { calmDrift, categoricalDistribution } from './workbench/mockDrift';
import { MOCK_FLEET } from './workbench/mockFleet';
import { framesOf } from './workbench/mockFrames';
import { MOCK_SLOS, statusFrame } from './workbench/mockSlo';
import { showsAccuracy, showsDrift, showsModels, showsSlo } from './suggestions';

it('suggests the view of the answer, and never both', () => {
  const cases = [
    calmDrift(),
    categoricalDistribution(),
    calmAccuracy(),
    binaryDetails(),
    [statusFrame(MOCK_SLOS)],
    framesOf(MOCK_FLEET),
    fixture('prometheus').series,
    [],
  ];
  expect(
    cases.map((frames) => [showsDrift(frames), showsAccuracy(frames), showsSlo(frames), showsModels(frames)])
  ).toEqual([
    [true, false, false, false],
    [true, false, false, false],
    [false, true, false, false],
    [false, true, false, false],
    [false, false, true, false],
    [false, false, false, true],
    [false, false, false, true],
    [false, false, false, false],
  ]);
});

it('suggests nothing for a table of pods, nor for a state that it does not know', () => {
  const table = (state: string) =>
    createDataFrame({
      fields: [
        { name: 'namespace', type: FieldType.string, values: ['payments'] },
        { name: 'model', type: FieldType.string, values: ['fraud-scorer'] },
        { name: 'state', type: FieldType.string, values: [state] },
      ],
    });
  expect(showsModels([table('serving')])).toBe(true);
  expect(showsModels([table('Running')])).toBe(false);
  expect(showsModels(fixture('refusal').series)).toBe(false);
});
