/** What a person is told of a filter while typing. `example` is a whole template, `result` what it becomes. */
export type TemplateFilter = {
  readonly name: string
  /** What stands behind the colon, in words; null for a filter that takes nothing. */
  readonly takes: string | null
  readonly does: string
  readonly example: string
  readonly result: string
}

const filter = (name: string, takes: string | null, does: string, example: string, result: string): TemplateFilter => ({
  name,
  takes,
  does,
  example,
  result,
})

/** The filters that a template field offers, the everyday ones first. Each example is held to its result by a test. */
export const TEMPLATE_FILTERS: readonly TemplateFilter[] = [
  filter('default', 'a value', 'Stands in for what is missing or empty.', '{{ "" | default: "none" }}', 'none'),
  filter('upcase', null, 'Makes letters large.', '{{ "paid" | upcase }}', 'PAID'),
  filter('downcase', null, 'Makes letters small.', '{{ "PAID" | downcase }}', 'paid'),
  filter('capitalize', null, 'Makes the first letter large.', '{{ "ada" | capitalize }}', 'Ada'),
  filter(
    'date',
    'a format',
    'Writes a time in a format.',
    '{{ "2026-11-26T09:30" | date: "%d %b %Y" }}',
    '26 Nov 2026',
  ),
  filter('ago', null, 'Says how long ago a time is.', '{{ "now" | ago }}', 'just now'),
  filter(
    'format_number',
    'an example',
    'Writes a number as the example is.',
    '{{ 2499.5 | format_number: "1.500,75 €" }}',
    '2.499,50 €',
  ),
  filter('json', null, 'Writes a value as JSON.', '{{ "a,b" | split: "," | json }}', '["a","b"]'),
  filter(
    'parse_json',
    null,
    'Reads a text that is JSON.',
    `{{ '{"id":7,"paid":true}' | parse_json }}`,
    '{"id":7,"paid":true}',
  ),
  filter('size', null, 'Counts characters or items.', '{{ "order" | size }}', '5'),
  filter('join', 'a text between', 'Makes one text of a list.', '{{ "a,b" | split: "," | join: " + " }}', 'a + b'),
  filter('split', 'a text to cut at', 'Makes a list of a text.', '{{ "a,b" | split: "," }}', '["a","b"]'),
  filter('replace', 'what, with what', 'Puts a text in place of another.', '{{ "a-b" | replace: "-", "+" }}', 'a+b'),
  filter('number', 'a decimal mark', 'Reads a number as people write it.', `{{ "1.500,50" | number: "," }}`, '1500.5'),
  filter('round', 'decimals', 'Rounds a number.', '{{ 12.345 | round: 2 }}', '12.35'),
  filter('plus', 'a number', 'Adds.', '{{ 40 | plus: 2 }}', '42'),
  filter('minus', 'a number', 'Subtracts.', '{{ 40 | minus: 2 }}', '38'),
  filter('times', 'a number', 'Multiplies.', '{{ 21 | times: 2 }}', '42'),
  filter('divided_by', 'a number', 'Divides.', '{{ 4200 | divided_by: 100 }}', '42'),
  filter('modulo', 'a number', 'What is left of a division.', '{{ 7 | modulo: 4 }}', '3'),
  filter('abs', null, 'Leaves the minus out.', '{{ -7 | abs }}', '7'),
  filter('ceil', null, 'Rounds up.', '{{ 1.2 | ceil }}', '2'),
  filter('floor', null, 'Rounds down.', '{{ 1.8 | floor }}', '1'),
  filter('at_least', 'a number', 'The larger of the two.', '{{ 3 | at_least: 5 }}', '5'),
  filter('at_most', 'a number', 'The smaller of the two.', '{{ 7 | at_most: 5 }}', '5'),
  filter('to_integer', null, 'Makes a whole number of a text.', '{{ "42" | to_integer }}', '42'),
  filter('append', 'a text', 'Puts a text behind.', '{{ "report" | append: ".csv" }}', 'report.csv'),
  filter('prepend', 'a text', 'Puts a text in front.', '{{ "7" | prepend: "#" }}', '#7'),
  filter('strip', null, 'Takes spaces off both ends.', '{{ "  a  " | strip }}', 'a'),
  filter('lstrip', null, 'Takes spaces off the beginning.', '{{ "  a" | lstrip }}', 'a'),
  filter('rstrip', null, 'Takes spaces off the end.', '{{ "a  " | rstrip }}', 'a'),
  filter('squish', null, 'Makes one space of many.', '{{ " a   b " | squish }}', 'a b'),
  filter('strip_newlines', null, 'Takes line breaks out.', '{{ "one line" | strip_newlines }}', 'one line'),
  filter('newline_to_br', null, 'Puts <br /> before line breaks.', '{{ "one line" | newline_to_br }}', 'one line'),
  filter('strip_html', null, 'Takes HTML tags out.', '{{ "<b>a</b>" | strip_html }}', 'a'),
  filter('escape', null, 'Makes text safe inside HTML.', '{{ "<b>" | escape }}', '&lt;b&gt;'),
  filter('escape_once', null, 'As escape, but never twice.', '{{ "&lt;b>" | escape_once }}', '&lt;b&gt;'),
  filter('remove', 'a text', 'Takes a text out, everywhere.', '{{ "1,000" | remove: "," }}', '1000'),
  filter('remove_first', 'a text', 'Takes a text out where it is first.', '{{ "a-b-c" | remove_first: "-" }}', 'ab-c'),
  filter('remove_last', 'a text', 'Takes a text out where it is last.', '{{ "a-b-c" | remove_last: "-" }}', 'a-bc'),
  filter('replace_first', 'what, with what', 'Replaces the first.', '{{ "a-b-c" | replace_first: "-", "+" }}', 'a+b-c'),
  filter('replace_last', 'what, with what', 'Replaces the last.', '{{ "a-b-c" | replace_last: "-", "+" }}', 'a-b+c'),
  filter('truncate', 'characters', 'Cuts a text to a length.', '{{ "A long story" | truncate: 9 }}', 'A long...'),
  filter(
    'truncatewords',
    'words',
    'Cuts a text to some words.',
    '{{ "A long story" | truncatewords: 2 }}',
    'A long...',
  ),
  filter('number_of_words', null, 'Counts words.', '{{ "A long story" | number_of_words }}', '3'),
  filter('slice', 'from, how many', 'Takes a part of a text or list.', '{{ "2026-11-26" | slice: 0, 4 }}', '2026'),
  filter('slugify', null, 'Makes a text fit for an address.', '{{ "Paid orders!" | slugify }}', 'paid-orders'),
  filter('url_encode', null, 'Makes text safe in an address.', '{{ "a b&c" | url_encode }}', 'a+b%26c'),
  filter('url_decode', null, 'Reads text of an address.', '{{ "a+b%26c" | url_decode }}', 'a b&c'),
  filter('base64_encode', null, 'Writes text as Base64.', '{{ "user:key" | base64_encode }}', 'dXNlcjprZXk='),
  filter('base64_decode', null, 'Reads Base64.', '{{ "dXNlcjprZXk=" | base64_decode }}', 'user:key'),
  filter('first', null, 'The first item.', '{{ "a,b" | split: "," | first }}', 'a'),
  filter('last', null, 'The last item.', '{{ "a,b" | split: "," | last }}', 'b'),
  filter('reverse', null, 'Turns a list round.', '{{ "a,b" | split: "," | reverse }}', '["b","a"]'),
  filter(
    'sort',
    'a field',
    'Sorts a list, by a field if one is named.',
    '{{ "b,a" | split: "," | sort }}',
    '["a","b"]',
  ),
  filter(
    'sort_natural',
    'a field',
    'Sorts without regard to case.',
    '{{ "b,A" | split: "," | sort_natural }}',
    '["A","b"]',
  ),
  filter('uniq', null, 'Leaves repeats out.', '{{ "a,a,b" | split: "," | uniq }}', '["a","b"]'),
  filter('compact', null, 'Leaves empty items out.', '{{ "a,b" | split: "," | compact }}', '["a","b"]'),
  filter('concat', 'a list', 'Puts two lists together.', '{{ item.tags | concat: item.more }}', '["new","paid"]'),
  filter('push', 'an item', 'Puts an item behind.', '{{ "a" | split: "," | push: "b" }}', '["a","b"]'),
  filter('unshift', 'an item', 'Puts an item in front.', '{{ "b" | split: "," | unshift: "a" }}', '["a","b"]'),
  filter('pop', null, 'Leaves the last item out.', '{{ "a,b" | split: "," | pop }}', '["a"]'),
  filter('shift', null, 'Leaves the first item out.', '{{ "a,b" | split: "," | shift }}', '["b"]'),
  filter('map', 'a field', 'Takes one field of each item.', '{{ item.lines | map: "sku" }}', '["A1","B2"]'),
  filter('sum', 'a field', 'Adds the items up, or a field of them.', '{{ item.lines | sum: "price" }}', '30'),
  filter(
    'where',
    'a field, a value',
    'Keeps the items with a value.',
    '{{ item.lines | where: "sku", "B2" | map: "price" }}',
    '[20]',
  ),
  filter(
    'reject',
    'a field, a value',
    'Leaves those items out.',
    '{{ item.lines | reject: "sku", "B2" | map: "price" }}',
    '[10]',
  ),
  filter(
    'find',
    'a field, a value',
    'The first item with a value.',
    '{{ item.lines | find: "sku", "B2" | json }}',
    '{"sku":"B2","price":20}',
  ),
  filter(
    'find_index',
    'a field, a value',
    'The place of that item, from 0.',
    '{{ item.lines | find_index: "sku", "B2" }}',
    '1',
  ),
  filter('has', 'a field, a value', 'Whether there is such an item.', '{{ item.lines | has: "sku", "B2" }}', 'true'),
  filter(
    'group_by',
    'a field',
    'Puts items together by a field.',
    '{{ item.lines | group_by: "sku" | map: "name" }}',
    '["A1","B2"]',
  ),
  filter(
    'array_to_sentence_string',
    null,
    'A list as people say it.',
    '{{ "a,b,c" | split: "," | array_to_sentence_string }}',
    'a, b, and c',
  ),
  filter('sha256', null, 'The SHA-256 of a text, in hex.', '{{ "a" | sha256 | slice: 0, 8 }}', 'ca978112'),
]

/** Filters that work and are not offered: they do what another one does, give what differs each time, or serve HTML pages only. */
export const UNOFFERED_FILTERS: ReadonlySet<string> = new Set([
  'xml_escape',
  'cgi_escape',
  'uri_escape',
  'sample',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
  'normalize_whitespace',
  'hmac_sha256',
  'raw',
  'jsonify',
  'json_text',
  'inspect',
])

/** The filters whose names begin with what was typed, then those that have it anywhere in name or words. */
export function filtersLike(typed: string): readonly TemplateFilter[] {
  const begun = TEMPLATE_FILTERS.filter((one) => one.name.startsWith(typed))
  const word = typed.toLowerCase()
  const others = TEMPLATE_FILTERS.filter(
    (one) => !one.name.startsWith(typed) && `${one.name} ${one.does}`.toLowerCase().includes(word),
  )
  return [...begun, ...others]
}
