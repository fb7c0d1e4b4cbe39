import { API_PATHS } from '@modelwatch/contract';

/** With `{name}` for a part of the path, as OpenAPI writes it. */
export const ROWS_PATH = `${API_PATHS.models}/{namespace}/{name}/rows`;
