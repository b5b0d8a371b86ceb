/** One step from a schema version to the next. An older program's rows stay readable. */
export type Migration = { readonly version: number; readonly name: string; readonly statements: readonly string[] }
