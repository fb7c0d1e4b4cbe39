/** Where our runbooks are: a page for each alert, of its name. */
export const RUNBOOKS_URL = 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks';
