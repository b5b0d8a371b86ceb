// A process of its own in which the tests of a connector run: `hookline connector test`.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as sdk from './sdk.ts'
import { provideSdk } from './sdk-hooks.ts'
import * as sdkTest from './sdk-test.ts'

provideSdk({ '@hookline/sdk': sdk, '@hookline/sdk/test': sdkTest }, { refuse: () => null })
await import(pathToFileURL(resolve(process.argv[2] ?? '')).href)
