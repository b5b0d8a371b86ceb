import { listOf } from '../service/operation.ts'

/** A text in a search of Drive's. */
export const driveText = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** The files of Drive that fit a condition of its search, the last seen first, by what is typed: for a field to choose from. */
export function driveFiles(condition: string): ReturnType<typeof listOf> {
  return (given) => {
    const named = given.search === '' ? '' : ` and name contains ${driveText(given.search)}`
    const query = new URLSearchParams({
      q: `${condition} and trashed=false${named}`,
      fields: 'nextPageToken,files(id,name)',
      orderBy: 'viewedByMeTime desc',
      pageSize: '100',
      supportsAllDrives: 'true',
      includeItemsFromAllDrives: 'true',
    })
    const request = `GET https://www.googleapis.com/drive/v3/files?${query}` as const
    return listOf({ request, pages: { items: 'files' }, value: 'id', label: 'name' })(given)
  }
}
