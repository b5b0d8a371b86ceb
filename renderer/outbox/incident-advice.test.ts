import { describe, expect, it } from 'vitest'
import { incidentAdvice } from './incident-advice.ts'

describe('the advice on an incident', () => {
  it('leads to the runs of the zap that it is about', () => {
    expect(incidentAdvice({ kind: 'failing', zapId: 'zap_1' }).runs?.filter).toEqual({
      zapId: 'zap_1',
      status: 'failed',
    })
    expect(incidentAdvice({ kind: 'stuck', zapId: 'zap_1' }).runs?.filter).toEqual({
      zapId: 'zap_1',
      status: 'waiting',
    })
    expect(incidentAdvice({ kind: 'lease-storm', zapId: null }).runs?.filter).toEqual({ status: 'needs-review' })
  })

  it('leads to the dead letters where it is about those', () => {
    expect(incidentAdvice({ kind: 'dead-letters', zapId: 'zap_1' })).toMatchObject({
      runs: null,
      isAboutDeadLetters: true,
    })
  })

  it('leads to the settings where it is about backups', () => {
    expect(incidentAdvice({ kind: 'backup', zapId: null }).text).toContain('Settings → Backups')
  })

  it('says something of a kind that a newer host made up', () => {
    expect(incidentAdvice({ kind: 'new-kind', zapId: null }).text).not.toBe('')
  })
})
