import { expect, test } from 'vitest'
import { apps } from './apps.ts'
import { families } from './families.ts'
import { familyManifestOf } from './family-list.ts'
import { readManifest, writeManifest } from './manifest-file.ts'

test('a manifest is read as it was written, with the logo of an app in it once', async () => {
  for (const entry of [...families, ...apps]) {
    const manifest = familyManifestOf(await entry.load())
    const text = writeManifest(manifest)
    expect(readManifest(text)).toEqual(JSON.parse(JSON.stringify(manifest)))
    for (const logo of manifest.connectors.map(({ icon }) => icon).filter((icon) => icon.startsWith('data:'))) {
      expect(text.split(JSON.stringify(logo))).toHaveLength(2)
    }
  }
})
