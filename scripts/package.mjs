/** `npm run package`: the two plugin zips and the exporter's npm tarball, in artifacts/. */
import { giveUp } from './lib/say.mjs';

giveUp('Packaging is not built yet.');
