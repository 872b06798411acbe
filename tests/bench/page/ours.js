export const ENGINES = {};
