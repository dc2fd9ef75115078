// Draws the reference of the API out of its OpenAPI file; requests go out in the reader's session.
"use strict";

const place = document.getElementById("api-docs");
const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "none",
  validatorUrl: null,
  requestInterceptor: (request) => {
    Object.assign(request.headers, headers);
    return request;
  },
});
