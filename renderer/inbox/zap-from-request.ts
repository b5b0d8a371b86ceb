import type { InboxRequestDetail } from '../../core/contract/values.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'

/** Id of its first step. */
export const TRIGGER_ID = 'hook'

/**
 * The draft of a zap that would take a request that no zap took: its first step listens at that path, and checks the sender as the
 * request offers to be checked. The secret is for the person to choose.
 */
export function zapFromRequest({
  method,
  path,
  proposal,
}: Pick<InboxRequestDetail, 'method' | 'path' | 'proposal'>): ZapFile {
  const name = path.replace(/^\/hooks\//, '').replace(/^\/+|\/+$/g, '')
  return {
    format: 'hookline/zap@1',
    name: name === '' ? 'New webhook' : `Webhook ${name}`,
    steps: [
      {
        id: TRIGGER_ID,
        uses: 'webhook.catch',
        input: {
          ...(name === '' ? {} : { path: name }),
          ...(method === 'POST' ? {} : { methods: [method] }),
          ...(proposal === null ? {} : { verify: { ...proposal.verify, secrets: [] } }),
        },
        position: { x: 0, y: 0 },
      },
    ],
    edges: [],
  }
}

/** Whether a path is one that a zap could listen at. */
export function isHookPath(path: string): boolean {
  return /^\/hooks\/[A-Za-z0-9._~/-]+$/.test(path)
}
