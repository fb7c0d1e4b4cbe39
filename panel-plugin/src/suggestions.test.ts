/** @jest-environment jsdom */
import { calmDrift, categoricalDistribution } from './workbench/mockDrift';
import { MOCK_FLEET } from './workbench/mockFleet';
import { framesOf } from './workbench/mockFrames';
import { showsDrift, showsModels } from './suggestions';

it('suggests the view of the answer, and never both', () => {
  const cases = [calmDrift(), categoricalDistribution(), framesOf(MOCK_FLEET), []];
  expect(cases.map((frames) => [showsDrift(frames), showsModels(frames)])).toEqual([
    [true, false],
    [true, false],
    [false, true],
    [false, false],
  ]);
});
