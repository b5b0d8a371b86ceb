import type { FamilyManifest } from './family-list.ts'

/** The manifest of a family as text. The logo of an app stands there once, and not with each of its connectors: that would be a third of all. */
export function writeManifest({ connectors, ...rest }: FamilyManifest): string {
  const icons = [...new Set(connectors.map(({ icon }) => icon))]
  return JSON.stringify({
    ...rest,
    icons,
    connectors: connectors.map((one) => ({ ...one, icon: icons.indexOf(one.icon) })),
  })
}

/** Reads what {@link writeManifest} wrote; to be parsed. */
export function readManifest(text: string): unknown {
  const { icons, connectors, ...rest } = JSON.parse(text) as {
    readonly icons: readonly unknown[]
    readonly connectors: readonly { readonly icon: number }[]
  } // as it was written
  return { ...rest, connectors: connectors.map((one) => ({ ...one, icon: icons[one.icon] })) }
}
