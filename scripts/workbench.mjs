/** `npm run workbench`: the panel in a browser without Grafana. `-- --port N` (8790). */
import { giveUp } from './lib/say.mjs';

giveUp('The workbench is not built yet.');
