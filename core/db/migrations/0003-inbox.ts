import type { Migration } from '../migration.ts'

/** The inbox is read by verdict. Accepted requests, which are nearly all, are not in the index: it costs the busy path nothing. */
export const inbox: Migration = {
  version: 3,
  name: 'inbox',
  statements: [
    `CREATE INDEX webhook_request_not_accepted ON webhook_request (verdict, id) WHERE verdict <> 'accepted'`,
    `CREATE INDEX webhook_request_refused ON webhook_request (id) WHERE verdict NOT IN ('accepted', 'duplicate')`,
  ],
}
