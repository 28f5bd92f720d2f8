/** Pictures that windows fetch: views of a preview, kept until newer ones push them out, and thumbnails. */
import { randomBytes } from 'node:crypto';
import type { ImagePage } from '../../shared/api/datasets';
import type { ViewPreview } from '../../shared/api/set-up';
import { Recent } from '../../shared/recent';
import type { ViewPictures } from '../../shared/studio';
import type { Studio } from './studio';

const VIEW_BYTES = 64 * 1024 * 1024;
const THUMBNAIL_BYTES = 32 * 1024 * 1024;

export class Pictures {
  private readonly previews = new Recent<ViewPictures>(VIEW_BYTES);
  private readonly thumbnails = new Recent<Uint8Array<ArrayBuffer>>(THUMBNAIL_BYTES);

  constructor(private readonly studio: Studio) {}

  /** Keeps the pictures and gives them a name. */
  keep(pictures: ViewPictures): ViewPreview {
    const id = randomBytes(9).toString('base64url');
    let bytes = 0;
    for (const { original, views } of pictures.images) {
      bytes += views.reduce((sum, view) => sum + view.byteLength, original.byteLength);
    }
    this.previews.put(id, pictures, bytes);
    return {
      id,
      images: pictures.images.map(({ index, label }) => ({ index, label })),
      views: pictures.views,
    };
  }

  /**
   * @param image place in the preview, from 0.
   * @param view place in the preview's views, or the image itself.
   * @returns PNG; undefined where there is none such, or it was pushed out.
   */
  view(preview: string, image: number, view: number | 'original'): Uint8Array<ArrayBuffer> | undefined {
    const found = this.previews.get(preview)?.images[image];
    const picture = view === 'original' ? found?.original : found?.views[view];
    return picture && new Uint8Array(picture);
  }

  /**
   * @param path of a data set.
   * @param size of the longer side, px.
   * @returns JPEG.
   * @throws UserError where there is no such image or it cannot be read.
   */
  async thumbnail(path: string, index: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
    const key = `${path}\0${index}\0${size}`;
    const known = this.thumbnails.get(key);
    if (known) return known;
    const { jpeg } = await this.studio.call('thumbnail', { path, index, size });
    const own = new Uint8Array(jpeg);
    this.thumbnails.put(key, own, own.byteLength);
    return own;
  }

  /**
   * The images of one class of a data set.
   * @param path of a data set. @throws UserError where it has no such class, or cannot be read.
   */
  imagesOf(path: string, label: string, offset: number, count: number): Promise<ImagePage> {
    return this.studio.call('images', { path, label, offset, count });
  }

  /** The images of a data set may have changed. */
  forget(path: string): void {
    this.thumbnails.forgetUnder(`${path}\0`);
    this.studio.forget(path);
  }
}
