import { chatAddress, chatOf, knownKey } from '../traffic/requests.ts'

/** One message that is malformed, ambiguous or unusual HTTP. */
export interface RawMessage {
  readonly what: string
  /** The bytes, as Latin-1. */
  readonly bytes: string
  /** The most replies that may come: more would mean that a part of a body was taken for a request. Default: 1. */
  readonly most?: number
  /** Whether the request is HEAD, whose reply has no body. Default: false. */
  readonly isHead?: boolean
}

const body = chatOf()
const length = `content-length: ${body.length}`
const common = `host: a\r\nauthorization: Bearer ${knownKey}\r\n`
const hidden = `GET /compatible-mode/v1/models HTTP/1.1\r\n${common}\r\n`

/** A chat request with these header lines and this body. */
function post(lines: string, content = body, first = `POST ${chatAddress} HTTP/1.1`): string {
  return `${first}\r\n${common}${lines}\r\n\r\n${content}`
}

function get(target: string, lines = common, version = 'HTTP/1.1', method = 'GET'): string {
  return `${method} ${target} ${version}\r\n${lines}\r\n`
}

const chunked = 'transfer-encoding: chunked'
const oneChunk = `${body.length.toString(16)}\r\n${body}\r\n`
const models = '/compatible-mode/v1/models'

const rows: Readonly<Record<string, string>> = {
  'a length and chunks': post(`${length}\r\n${chunked}`, `0\r\n\r\n${hidden}`),
  'chunks and a length': post(`${chunked}\r\n${length}`, `0\r\n\r\n${hidden}`),
  'two different lengths': post(`content-length: 3\r\ncontent-length: 5`, `abc${hidden}`),
  'two equal lengths': post(`${length}\r\n${length}`),
  'a list of equal lengths': post(`content-length: ${body.length}, ${body.length}`),
  'a list of different lengths': post('content-length: 3, 5', `abc${hidden}`),
  'a negative length': post('content-length: -1'),
  'a length with a sign': post(`content-length: +${body.length}`),
  'a hexadecimal length': post('content-length: 0x10'),
  'a length with a fraction': post('content-length: 3.0'),
  'a length with an exponent': post('content-length: 1e2'),
  'an empty length': post('content-length:'),
  'a length of text': post('content-length: abc'),
  'a length beyond 64 bits': post('content-length: 99999999999999999999999'),
  'a length beyond the limit': post('content-length: 999999999', ''),
  'a length beyond the limit, expecting 100': post('content-length: 999999999\r\nexpect: 100-continue', ''),
  'a length with a space before the colon': post(`content-length : ${body.length}`),
  'a length with an underscore': post(`content_length: ${body.length}`, ''),
  'a length with a NUL': post(`content-length: ${body.length}\0`),
  'a length with a vertical tab': post(`content-length: \v${body.length}`),
  'a folded length': post(`content-length:\r\n ${body.length}`),
  'chunks spelt with capitals': post('Transfer-Encoding: CHUNKED', `${oneChunk}0\r\n\r\n`),
  'an unknown coding': post('transfer-encoding: identity', hidden),
  'chunks before an unknown coding': post('transfer-encoding: chunked, identity', `0\r\n\r\n${hidden}`),
  'gzip before chunks': post('transfer-encoding: gzip, chunked', '0\r\n\r\n'),
  'chunks twice': post(`${chunked}\r\n${chunked}`, `0\r\n\r\n${hidden}`),
  'chunks in quotes': post('transfer-encoding: "chunked"', `0\r\n\r\n${hidden}`),
  'chunks after a vertical tab': post('transfer-encoding: \vchunked', `0\r\n\r\n${hidden}`),
  'chunks with a space before the colon': post('transfer-encoding : chunked', `0\r\n\r\n${hidden}`),
  'chunks in a folded line': post('transfer-encoding:\r\n chunked', `0\r\n\r\n${hidden}`),
  'an empty coding': post('transfer-encoding:', hidden),
  'chunks over HTTP/1.0': post(chunked, `${oneChunk}0\r\n\r\n`, `POST ${chatAddress} HTTP/1.0`),
  'a chunk with an extension': post(chunked, `${body.length.toString(16)};a=b\r\n${body}\r\n0\r\n\r\n`),
  'a chunk with a long extension': post(
    chunked,
    `${body.length.toString(16)};${'a'.repeat(50_000)}\r\n${body}\r\n0\r\n\r\n`,
  ),
  'a chunk with a quoted extension': post(chunked, `3;a="\r\n"\r\nabc\r\n0\r\n\r\n`),
  'a negative chunk': post(chunked, `-1\r\n${hidden}`),
  'a chunk of 0x': post(chunked, `0x3\r\nabc\r\n0\r\n\r\n`),
  'a chunk of 2^64 bytes': post(chunked, 'ffffffffffffffffff\r\nabc'),
  'a chunk of 2^53 bytes': post(chunked, '20000000000000\r\nabc'),
  'a chunk with spaces': post(chunked, `3 \r\nabc\r\n0\r\n\r\n`),
  'a chunk with an underscore': post(chunked, `1_0\r\nabc\r\n0\r\n\r\n`),
  'a chunk that is too short': post(chunked, `9\r\nabc\r\n0\r\n\r\n${hidden}`),
  'a chunk that is too long': post(chunked, `2\r\nabc\r\n0\r\n\r\n`),
  'a chunk with a bare line feed': post(chunked, `3\nabc\n0\n\n`),
  'a chunk that never ends': post(chunked, '5\r\nab'),
  trailers: post(chunked, `${oneChunk}0\r\nx-a: b\r\n\r\n`),
  'trailers that give a length': post(chunked, `${oneChunk}0\r\ncontent-length: 5\r\n\r\n`),
  'trailers that give a key': post(chunked, `${oneChunk}0\r\nauthorization: Bearer x\r\n\r\n`),
  'trailers of 100 kB': post(chunked, `${oneChunk}0\r\n${'x: y\r\n'.repeat(17_000)}\r\n`),
  'a header in a folded line': get(models, `${common}x-a: b\r\n c\r\n`),
  'a fold before the first header': get(models, ` x: y\r\n${common}`),
  'bare line feeds': `GET ${models} HTTP/1.1\n${common.replaceAll('\r', '')}\n`,
  'bare carriage returns': `GET ${models} HTTP/1.1\r${common.replaceAll('\n', '')}\r`,
  'a bare carriage return in a header': get(models, `${common}x: a\rb\r\n`),
  'a bare line feed in a header': get(models, `${common}x: a\nauthorization: Bearer y\r\n`),
  'a NUL in a header': get(models, `${common}x: a\0b\r\n`),
  'a NUL in the path': get('/a\0b'),
  'a NUL in the method': `G\0T / HTTP/1.1\r\n${common}\r\n`,
  'an escape in the path': get('/\x1b[31m'),
  'bytes above 127 in the path': get('/\xff\xfe'),
  'bytes above 127 in a header': get(models, `${common}x: \xff\r\n`),
  'a space in the path': get('/a b'),
  'a tab in the path': get('/a\tb'),
  'a fragment': get(`${models}#x`),
  'a header without a colon': get(models, `${common}x\r\n`),
  'a header without a name': get(models, `${common}: x\r\n`),
  'a header with a space in its name': get(models, `${common}a b: x\r\n`),
  'a header named __proto__': get(models, `${common}__proto__: x\r\n`),
  'a header of 17 kB': get(models, `${common}x: ${'y'.repeat(17_000)}\r\n`),
  '5,000 headers': get(models, `${common}${'x: y\r\n'.repeat(5000)}`),
  'a path of 20 kB': get(`/${'a'.repeat(20_000)}`),
  'a method of 20 kB': get('/', common, 'HTTP/1.1', 'A'.repeat(20_000)),
  'no host': get(models, ''),
  'two hosts': get(models, `host: b\r\n${common}`),
  'a host with a port that is none': get(models, 'host: a:b:c\r\n'),
  'an empty host': get(models, 'host:\r\n'),
  'two keys': get(models, `${common}authorization: Bearer x\r\n`),
  'an unknown expectation': post(`${length}\r\nexpect: a-miracle`),
  '100-continue without a body': get(models, `${common}expect: 100-continue\r\n`),
  'an upgrade to a web socket': get('/', `${common}connection: upgrade\r\nupgrade: websocket\r\n`),
  'an upgrade to HTTP/2': get(
    '/',
    `${common}connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n`,
  ),
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'HTTP/0.9': 'GET /\r\n',
  'HTTP/0.9 with its version': 'GET / HTTP/0.9\r\n\r\n',
  'HTTP/1.0': get(models, common, 'HTTP/1.0'),
  'HTTP/1.2': get(models, common, 'HTTP/1.2'),
  'HTTP/9.9': get(models, common, 'HTTP/9.9'),
  'a version in lower case': get(models, common, 'http/1.1'),
  'no version': `GET ${models} \r\n${common}\r\n`,
  CONNECT: get('a:443', common, 'HTTP/1.1', 'CONNECT'),
  'CONNECT with a path': get('/', common, 'HTTP/1.1', 'CONNECT'),
  TRACE: get(models, common, 'HTTP/1.1', 'TRACE'),
  'OPTIONS *': get('*', common, 'HTTP/1.1', 'OPTIONS'),
  'a method in lower case': get(models, common, 'HTTP/1.1', 'get'),
  'an unknown method': get(models, common, 'HTTP/1.1', 'BREW'),
  'the whole address': get(`http://a${models}`),
  'the address of another host': get('http://example.com/_ratelab/state'),
  'an address with a password': get('http://a:b@c/'),
  'an address of another scheme': get('ftp://a/'),
  'no path': get(''),
  'two slashes': get('//a/b'),
  'dot segments': get('/_ratelab/../compatible-mode/v1/models'),
  TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  SOCKS: '\x05\x01\x00',
  'a mail': 'EHLO a\r\nMAIL FROM: <a@b>\r\n',
  Redis: '*1\r\n$4\r\nPING\r\n',
  'blank lines before the request': `\r\n\r\n\r\n${get(models)}`,
  'only NULs': '\0'.repeat(1000),
  'a length shorter than the body': post('content-length: 5', `12345${'x'.repeat(50)}\r\n\r\n`),
}

/** Messages whose replies need more to be said about them. */
const counted: readonly RawMessage[] = [
  { what: 'HEAD', bytes: get(models, common, 'HTTP/1.1', 'HEAD'), isHead: true },
  { what: 'HEAD with a body', bytes: post(length, body, `HEAD ${models} HTTP/1.1`), isHead: true },
  { what: 'GET with a body', bytes: post(length, body, `GET ${models} HTTP/1.1`) },
  {
    what: 'a request after an upgrade',
    bytes: get('/', `${common}connection: upgrade\r\nupgrade: x\r\n`) + hidden,
    most: 2,
  },
  { what: 'a request after connection: close', bytes: get(models, `${common}connection: close\r\n`) + hidden },
  { what: 'two requests at once', bytes: hidden + hidden, most: 2 },
  { what: 'a request after garbage', bytes: `${get(models)}\0\0\0${hidden}`, most: 2 },
]

export const rawMessages: readonly RawMessage[] = [
  ...Object.entries(rows).map(([what, bytes]) => ({ what, bytes })),
  ...counted,
]
