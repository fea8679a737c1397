# One image for web, worker, beat and the commands of an operator.

FROM node:22-bookworm-slim AS browser-libraries
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=caremgmt.settings CAREMGMT_KIND=real
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
COPY --from=browser-libraries /build/node_modules node_modules
# Settings want values before static files can be collected; these open nothing and do not stay in the image.
RUN export SECRET_KEY=build ALLOWED_HOSTS=build CAREMGMT_KEYS="k1:$(head -c 32 /dev/zero | base64)" \
        DATABASE_URL=postgres://build@127.0.0.1:1/build REDIS_URL=redis://127.0.0.1:1/0 \
    && python caremgmt/local/setup.py image \
    && python manage.py collectstatic --noinput \
    && rm -rf node_modules \
    && useradd --system --uid 10001 caremgmt \
    && mkdir -p var/files var/heads var/beat \
    && chown caremgmt var/files var/heads var/beat
USER caremgmt
EXPOSE 8000
CMD ["gunicorn", "caremgmt.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "4", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
