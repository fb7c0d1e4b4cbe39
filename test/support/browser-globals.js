/** What browsers have and jsdom lacks, for tests that load Grafana's packages. Does nothing in the node environment. */
if (typeof globalThis.window !== 'undefined') {
  const { TextDecoder, TextEncoder } = require('node:util');
  Object.assign(globalThis, { TextDecoder, TextEncoder });
  globalThis.matchMedia ??= (media) => ({
    media,
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  });
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  globalThis.IntersectionObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
    takeRecords() {
      return [];
    }
  };
  // Grafana measures texts on a canvas; without one every text has no width.
  globalThis.HTMLCanvasElement.prototype.getContext = () => ({ measureText: () => ({ width: 0 }) });
}
