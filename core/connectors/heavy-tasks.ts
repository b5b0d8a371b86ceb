import type { HeavyTask, HeavyTaskName } from './heavy-work.ts'

/** Every piece of heavy work, by name; its module, with the library in it, is loaded by the thread when it is first asked for. */
export const heavyTasks: Readonly<Record<HeavyTaskName, () => Promise<HeavyTask>>> = {
  'app.read': async () => (await import('./app/read-app.ts')).readApp,
  'csv.parse': async () => (await import('./csv/read-csv.ts')).readCsv,
  'csv.build': async () => (await import('./csv/write-csv.ts')).writeCsv,
  'csv.columns': async () => (await import('./csv/write-csv.ts')).csvColumns,
  'data.recode': async () => (await import('./data/recode.ts')).recode,
  'html.extract': async () => (await import('./html/read-html.ts')).readHtml,
  'mail.parse': async () => (await import('./mail/parse-mail.ts')).parseMail,
  'pdf.text': async () => (await import('./pdf/read-pdf.ts')).readPdf,
  'sql.sqlite': async () => (await import('./sql/run-sqlite.ts')).runSqlite,
  'table.rows': async () => (await import('./table/split-rows.ts')).splitRows,
  'text.convert': async () => (await import('./text/convert-markup.ts')).convertMarkup,
  'xlsx.read': async () => (await import('./xlsx/read-workbook.ts')).readWorkbook,
  'xlsx.write': async () => (await import('./xlsx/write-workbook.ts')).writeWorkbook,
  'xml.build': async () => (await import('./xml/write-xml.ts')).writeXml,
  'xml.parse': async () => (await import('./xml/read-xml.ts')).readXml,
}
