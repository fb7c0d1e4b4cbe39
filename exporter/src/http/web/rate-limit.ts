/** A token bucket, as golang.org/x/time/rate has it: `burst` requests at once, then one for each interval. */
export interface RateLimit {
  /** Takes a token; false: there is none. */
  allow(nowSeconds: number): boolean;
}

export function createRateLimit(intervalSeconds: number, burst: number): RateLimit {
  let tokens = burst;
  let lastSeconds: number | undefined;
  return {
    allow(nowSeconds) {
      const elapsed = Math.max(0, nowSeconds - (lastSeconds ?? nowSeconds));
      lastSeconds = nowSeconds;
      tokens = Math.min(burst, tokens + elapsed / intervalSeconds);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
