// A drawing as a PDF of one page: its pixels, losslessly packed, on a page of the drawing's size.
// The page to print has it as lines and letters; this is the file for a manuscript system.

const POINTS = 0.72; // of a pixel: 1,000 px are 25.4 cm
const encoder = new TextEncoder();

async function packed(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Red, green and blue of each pixel; where the drawing is transparent, paper.
async function pixelsOf(png) {
  const bitmap = await createImageBitmap(png);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, bitmap.width, bitmap.height);
  brush.drawImage(bitmap, 0, 0);
  const { data } = brush.getImageData(0, 0, bitmap.width, bitmap.height);
  const colours = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colours[to] = data[from];
    colours[to + 1] = data[from + 1];
    colours[to + 2] = data[from + 2];
  }
  return { width: bitmap.width, height: bitmap.height, colours };
}

// A text of a PDF that may hold any letter.
function textOf(words) {
  const units = [...words].flatMap((letter) => [...Array(letter.length).keys()].map((at) => letter.charCodeAt(at)));
  return `<FEFF${units.map((unit) => unit.toString(16).padStart(4, "0")).join("").toUpperCase()}>`;
}

class Writer {
  constructor() {
    this.parts = [];
    this.length = 0;
    this.places = [];
  }

  add(part) {
    const bytes = typeof part === "string" ? encoder.encode(part) : part;
    this.parts.push(bytes);
    this.length += bytes.length;
  }

  object(entries, stream) {
    this.places.push(this.length);
    this.add(`${this.places.length} 0 obj\n<< ${entries}${stream ? ` /Length ${stream.length}` : ""} >>\n`);
    if (stream) for (const part of ["stream\n", stream, "\nendstream\n"]) this.add(part);
    this.add("endobj\n");
  }

  end(trailer) {
    const start = this.length;
    const lines = this.places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`);
    this.add(`xref\n0 ${lines.length + 1}\n0000000000 65535 f \n${lines.join("")}`);
    this.add(`trailer\n<< /Size ${lines.length + 1} ${trailer} >>\nstartxref\n${start}\n%%EOF\n`);
    return new Blob(this.parts, { type: "application/pdf" });
  }
}

// `png` is a blob, `size` that of the drawing in pixels of the screen.
export async function pdfOf(png, size, title) {
  const { width, height, colours } = await pixelsOf(png);
  const [wide, high] = [size.width, size.height].map((length) => (length * POINTS).toFixed(2));
  const file = new Writer();
  file.add("%PDF-1.4\n");
  file.object("/Type /Catalog /Pages 2 0 R");
  file.object("/Type /Pages /Kids [3 0 R] /Count 1");
  file.object(`/Type /Page /Parent 2 0 R /MediaBox [0 0 ${wide} ${high}] /Contents 4 0 R /Resources << /XObject << /Drawing 5 0 R >> >>`);
  file.object("", encoder.encode(`${wide} 0 0 ${high} 0 0 cm /Drawing Do`));
  const look = "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode";
  file.object(`/Type /XObject /Subtype /Image /Width ${width} /Height ${height} ${look}`, await packed(colours));
  file.object(`/Title ${textOf(title)}`);
  return file.end("/Root 1 0 R /Info 6 0 R");
}
