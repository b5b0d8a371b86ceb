import type { Incident } from '../contract/values.ts'
import { type ListedIncident, listIncidents } from '../db/incidents.ts'
import { toIso, toIsoOrNull } from './run-view.ts'
import { type OutboxServices, procedures } from './services.ts'

const LISTED = 200

export function incidentProcedures({ database, settings }: OutboxServices) {
  return {
    list: procedures.incidents.list.handler(async () =>
      (await listIncidents(database.reader, LISTED)).map((incident) => incidentView(incident)),
    ),

    settings: procedures.incidents.settings.handler(() => settings.of('incidents')),

    setSettings: procedures.incidents.setSettings.handler(async ({ input }) => {
      await settings.change('incidents', input)
      return input
    }),
  }
}

/** An incident as the contract says it. */
export function incidentView({ id, kind, subject, message, openedAt, closedAt }: ListedIncident): Incident {
  const zapId = subject === '' ? null : subject
  return { id, kind, message, zapId, openedAt: toIso(openedAt), closedAt: toIsoOrNull(closedAt) }
}
