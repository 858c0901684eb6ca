{%- set identifiers = {
    'customer_id': ['customer_id', 'merged_into_id'],
    'email': ['email'],
    'phone': ['phone'],
    'handle': ['handle'],
    'external_id': ['external_id'],
} -%}

with records as (
    select * from {{ ref('int_identity__records') }}
),

undone as (
    select distinct link_id from {{ ref('identity_undone_links') }}
),

claimed as (
    {% for identifier_type, columns in identifiers.items() -%}
    {% for column in columns -%}
    select customer_id, recorded_at, '{{ identifier_type }}' as identifier_type, {{ column }} as identifier, known_from
    from records
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

claims as (
    select
        customer_id,
        identifier_type,
        identifier,
        min(recorded_at) as recorded_at,
        min(known_from) as claimed_from,
        {{ hash_key(['customer_id', 'identifier_type', 'identifier']) }} as link_id
    from claimed
    group by customer_id, identifier_type, identifier
),

judged as (
    select
        claims.*,
        undone.link_id is not null as is_undone,
        sum(case when undone.link_id is null then 1 else 0 end)
            over (partition by claims.identifier_type, claims.identifier) as sharing_count
    from claims
    left join undone on claims.link_id = undone.link_id
),

final as (
    select
        link_id,
        customer_id,
        identifier_type,
        identifier,
        recorded_at,
        claimed_from,
        cast(sharing_count as bigint) as sharing_count,
        is_undone,
        identifier_type != 'customer_id' and sharing_count > {{ var('identity_cap') }} as is_capped
    from judged
)

select * from final
