import { z } from 'zod'
import type { Json } from '../../../domain/values/json.ts'
import { appPoll } from '../../app-triggers.ts'
import { objectOf } from '../../providers/google.ts'
import { itemsAt, keyOfParts, textAt } from '../../service/parts.ts'

const FIELDS = 'id,name,mimeType,size,createdTime,modifiedTime,parents,webViewLink,trashed'
/** Pages that are read at one poll; the next one goes on. */
const PAGES_AT_ONCE = 50

const cursorSchema = z.object({ page: z.string() })
const keyOfChange = keyOfParts('fileId', 'time')

/** All that changes in a Drive, from where the last answer ended (https://developers.google.com/workspace/drive/api/guides/manage-changes). */
export const anyChange = appPoll({
  name: 'any-change',
  title: 'Any change in Google Drive',
  description: 'Starts for each file that is added, changed, moved or deleted, wherever it is.',
  keywords: ['document', 'deleted', 'moved', 'modified'],
  scopes: ['https://www.googleapis.com/auth/drive.readonly'],
  summary: '',
  input: z.strictObject({}),
  output: z.record(z.string(), z.json()),
  sample: {
    fileId: '1AbC',
    removed: false,
    time: '2026-11-30T09:00:00.000Z',
    file: { id: '1AbC', name: 'report.pdf', trashed: false },
  },
  async poll({ http, cursor }) {
    const known = cursorSchema.safeParse(cursor).data?.page
    if (known === undefined) {
      const { body } = await http({ path: 'drive/v3/changes/startPageToken', query: { supportsAllDrives: true } })
      return { events: [], cursor: { page: textAt(body, 'startPageToken') } }
    }
    let page = known
    const changes: Json[] = []
    for (let asked = 0; asked < PAGES_AT_ONCE; asked++) {
      const query = {
        pageToken: page,
        pageSize: 1_000,
        includeItemsFromAllDrives: true,
        supportsAllDrives: true,
        fields: `newStartPageToken,nextPageToken,changes(fileId,removed,time,file(${FIELDS}))`,
      }
      const { body } = await http({ path: 'drive/v3/changes', query })
      changes.push(...itemsAt(body, 'changes'))
      const next = textAt(body, 'nextPageToken')
      page = next || textAt(body, 'newStartPageToken') || page
      if (next === '') break
    }
    return { events: changes.map((one) => ({ key: keyOfChange(one), data: objectOf(one) })), cursor: { page } }
  },
})
