const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** The usual cron patterns in words (`0 9 * * 1-5` → "weekdays at 09:00"); any other one unchanged. */
export function cronInWords(cron: string): string {
  const fields = cron.trim().split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  if (fields.length !== 5 || month !== '*') return cron
  const everyDay = day === '*' && weekday === '*'
  if (everyDay && hour === '*') {
    if (minute === '*') return 'every minute'
    const step = /^\*\/(\d+)$/.exec(minute)
    if (step) return step[1] === '1' ? 'every minute' : `every ${step[1]} minutes`
    if (isNumber(minute)) return minute === '0' ? 'every hour' : `every hour at :${minute.padStart(2, '0')}`
    return cron
  }
  if (!isNumber(minute)) return cron
  const everyHours = /^\*\/(\d+)$/.exec(hour)
  if (everyHours && everyDay && minute === '0') return `every ${everyHours[1]} hours`
  if (!isNumber(hour)) return cron
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (everyDay) return `every day at ${time}`
  if (weekday === '*' && isNumber(day)) return `day ${day} of every month at ${time}`
  if (day !== '*') return cron
  if (weekday === '1-5') return `weekdays at ${time}`
  if (weekday === '0,6' || weekday === '6,0') return `weekends at ${time}`
  const name = isNumber(weekday) ? DAYS[Number(weekday)] : undefined
  return name === undefined ? cron : `every ${name} at ${time}`
}

function isNumber(field: string): boolean {
  return /^\d{1,2}$/.test(field)
}
