#!/usr/bin/env node
import { requireNewNode } from './pinned-node.mjs'
import { stopWithParent } from './stop-with-parent.mjs'

stopWithParent()
await requireNewNode()
const { buildIfStale } = await import('../scripts/build-if-stale.mjs')
buildIfStale()
const { enableCompileCache } = await import('node:module')
enableCompileCache()
await import('../out/headless/cli.js')
