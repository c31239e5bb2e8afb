import type { Fields } from '../../../../src/checks/shape.ts'
import { show } from '../../../../src/core/expect.ts'
import type { Kept } from '../../model/completion.ts'
import { base64Of, embedding } from '../../model/embedding.ts'
import { invalid, modelField, ownField, requiredField, tooMuch } from '../../request/body.ts'
import { expectMaker } from '../../request/parameters.ts'
import type { Frames, Protocol } from '../protocol.ts'

interface EmbeddingAsked extends Kept {
  /** The vectors take the place of the texts, which may have megabytes. */
  readonly vectors: readonly Float32Array[]
  readonly encoding: 'float' | 'base64'
}

/** `POST /compatible-mode/v1/embeddings`: one vector for each text. */
export const compatEmbeddings: Protocol<EmbeddingAsked> = {
  name: 'compat-embeddings',
  envelope: 'compat',

  read(body: Fields) {
    const model = modelField(body)
    expectMaker(model, 'vectors')
    const texts = textsOf(body)
    const dimensions = dimensionsOf(body, model)
    return {
      model,
      prompt: texts.join('\n'),
      isStream: false,
      makes: 'vectors',
      vectors: texts.map((text) => embedding(text, dimensions)),
      encoding: encodingOf(body),
    }
  },

  whole({ vectors, encoding }, { model, usage, requestId }) {
    const data = vectors.map((vector, index) => ({
      embedding: encoding === 'base64' ? base64Of(vector) : [...vector],
      index,
      object: 'embedding',
    }))
    const { promptTokens } = usage
    return {
      data,
      model,
      object: 'list',
      usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
      id: requestId,
    }
  },

  frames: () => noFrames,
}

/** Embeddings are never streamed. */
const noFrames: Frames = { opening: () => '', delta: () => '', closing: () => '', failing: () => '' }

/** The most texts in one request. */
const mostTextsInBatch = 10

/** The most characters of all texts together. The models read 8,192 tokens of each, which are four Latin characters each. */
const mostCharacters = mostTextsInBatch * 8192 * 4

function textsOf(body: Fields): readonly string[] {
  const texts = inputOf(body)
  if (texts.reduce((sum, text) => sum + text.length, 0) > mostCharacters)
    throw tooMuch(`the texts have more than ${mostCharacters.toLocaleString('en')} characters`)
  return texts
}

function inputOf(body: Fields): readonly string[] {
  const input = ownField(body, 'input')
  if (input === undefined) throw requiredField('input')
  if (typeof input === 'string') return [input]
  if (!Array.isArray(input) || input.length === 0 || !input.every((each) => typeof each === 'string'))
    throw invalid('Value error, contents is neither str nor list of str.: input.contents')
  if (input.length > mostTextsInBatch)
    throw invalid(
      `Value error, batch size is invalid, it should not be larger than ${mostTextsInBatch}.: input.contents`,
    )
  return input
}

/** The dimensions that the documentation lists for the models v3 and v4 (May 2026). */
const sizes = [64, 128, 256, 512, 768, 1024]
const sizesOfV4 = [...sizes, 1536, 2048]

function dimensionsOf(body: Fields, model: string): number {
  const dimensions = ownField(body, 'dimensions') ?? 1024
  const known = model === 'text-embedding-v4' ? sizesOfV4 : sizes
  const size = known.find((each) => each === dimensions)
  if (size !== undefined) return size
  throw invalid(`Value error, dimension is invalid, it should be one of [${known.join(', ')}]: ${show(dimensions)}`)
}

function encodingOf(body: Fields): 'float' | 'base64' {
  const encoding = ownField(body, 'encoding_format') ?? 'float'
  if (encoding === 'float' || encoding === 'base64') return encoding
  throw invalid(`'encoding_format' must be one of ['float', 'base64'], got ${show(encoding)}`)
}
