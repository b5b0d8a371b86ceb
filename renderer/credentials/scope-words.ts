/**
 * What a service is asked to allow, in words that stand behind "may". The makers' own descriptions, shortened:
 * https://developers.google.com/identity/protocols/oauth2/scopes and https://learn.microsoft.com/graph/permissions-reference.
 */
const WORDS: Readonly<Record<string, string>> = {
  openid: 'know who you are',
  email: 'see your email address',
  profile: 'see your name',
  offline_access: 'go on while you are away',
  'https://mail.google.com/': 'read, send and delete your mail for good',
  'gmail.readonly': 'read your mail',
  'gmail.send': 'send mail as you',
  'gmail.compose': 'write drafts and send mail',
  'gmail.modify': 'read, change and send your mail',
  'gmail.labels': 'see and change the labels of your mail',
  spreadsheets: 'see and change your spreadsheets',
  documents: 'see and change your documents',
  drive: 'see, change and delete all of your files',
  'drive.readonly': 'see and download all of your files',
  'drive.metadata.readonly': 'see the names of your files',
  'calendar.events': 'see and change the events of your calendars',
  'calendar.calendarlist.readonly': 'see the list of your calendars',
  'calendar.freebusy': 'see when you are busy',
  'forms.body': 'see and change your forms',
  'forms.body.readonly': 'see the questions of your forms',
  'forms.responses.readonly': 'see the answers to your forms',
  'youtube.upload': 'upload videos',
  'User.Read': 'see your name and email address',
  'Mail.Send': 'send mail as you',
  'Channel.Create': 'create channels',
  'Channel.ReadBasic.All': 'see the names of channels',
  'ChannelMessage.Read.All': 'read messages in channels',
  'ChannelMessage.Send': 'write in channels as you',
  'Chat.Create': 'begin chats',
  'ChatMessage.Send': 'write in chats as you',
  'Team.ReadBasic.All': 'see the names of your teams',
}

const GOOGLE = 'https://www.googleapis.com/auth/'
/** Longer ones are no scope of any service that is known. */
const LONGEST = 200

/** What a scope allows, in words that stand behind "may"; of one that is not known the scope itself, as short as it is clear. */
export function scopeWords(scope: string): string {
  const short = scope.startsWith(GOOGLE) ? scope.slice(GOOGLE.length) : scope
  const known = Object.hasOwn(WORDS, short) ? WORDS[short] : undefined
  if (known !== undefined) return known
  if (scope.length > LONGEST) return `${scope.slice(0, LONGEST)}…`
  // `calendar.readonly`
  const readOnly = /^([a-z]+(?:\.[a-z]+)*)\.readonly$/.exec(short)?.[1]
  if (readOnly !== undefined) return `see your ${plain(readOnly)}`
  // `Files.ReadWrite.All`
  const [, what, verb] = /^([A-Z][A-Za-z]*)\.(ReadWrite|Read)(?:\.[A-Za-z]+)?$/.exec(short) ?? []
  if (what !== undefined) return `${verb === 'Read' ? 'see' : 'see and change'} your ${plain(what)}`
  // `read:jira-work`, `chat:write`, `crm.objects.contacts.read`
  const [, before, object] = /^(read|write|manage|admin):([a-z][a-z_.-]*)$/.exec(short) ?? []
  if (before !== undefined && object !== undefined) return `${VERBS[before]} ${plain(object)}`
  const [, subject, after] = /^([a-z][a-z_.-]*?)[:.](read|write|manage|admin)$/.exec(short) ?? []
  if (subject !== undefined && after !== undefined) return `${VERBS[after]} ${plain(subject)}`
  return short
}

const VERBS: Readonly<Record<string, string>> = { read: 'see', write: 'change', manage: 'manage', admin: 'manage' }

/** `CalendarEvents` and `calendar_events` as `calendar events`. */
function plain(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[._-]/g, ' ')
    .toLowerCase()
}

/** The scopes that a sign-in page is asked for. */
export function scopesOf(address: string): readonly string[] {
  const search = URL.parse(address)?.searchParams
  const written = search?.get('scope') ?? search?.get('user_scope') ?? ''
  return written.split(/[\s,]+/).filter((scope) => scope !== '')
}
