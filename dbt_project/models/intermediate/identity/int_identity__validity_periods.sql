{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__accounts', 'customer_id') }}") }}
{%- set identifiers = {
    'merge': 'merged_into_id', 'email': 'email', 'phone': 'phone', 'handle': 'handle', 'external_id': 'external_id',
} -%}

with records as (
    select * from {{ ref('int_identity__records') }}
    {{ filter_to_changed('int_changes__accounts', 'customer_id') }}
),

{# A validity period begins where a version has another identifier than the version before. #}
versions as (
    select
        *,
        {% for column in identifiers.values() -%}
        lag({{ column }}) over (partition by customer_id order by known_from) as previous_{{ column }},
        {% endfor -%}
        min(known_on) over (partition by customer_id) as record_known_on,
        count(*) over (partition by customer_id) as version_count,
        row_number() over (partition by customer_id order by known_from) as version_number
    from records
),

own as (
    select
        customer_id,
        'customer_id' as identifier_type,
        customer_id as identifier,
        known_from as valid_from,
        cast(null as timestamp) as valid_to,
        record_known_on as known_on,
        cast(null as date) as ended_on
    from versions
    where version_number = 1
),

period_starts as (
    {% for identifier_type, column in identifiers.items() -%}
    select customer_id, '{{ identifier_type }}' as identifier_type, {{ column }} as identifier, known_from, known_on, version_count
    from versions
    where coalesce({{ column }}, '') != coalesce(previous_{{ column }}, '')
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

periods as (
    select
        *,
        lead(known_from) over (partition by customer_id, identifier_type order by known_from) as valid_to,
        lead(known_on) over (partition by customer_id, identifier_type order by known_from) as next_known_on
    from period_starts
    where version_count > 1
),

final as (
    select * from own
    union all
    select
        customer_id,
        case when identifier_type = 'merge' then 'customer_id' else identifier_type end as identifier_type,
        identifier,
        known_from as valid_from,
        valid_to,
        known_on,
        case when next_known_on is not null then greatest(known_on, next_known_on) end as ended_on
    from periods
    where identifier is not null
    union all
    select
        customer_id,
        case when identifier_type = 'merge' then 'customer_id' else identifier_type end as identifier_type,
        identifier,
        known_from as valid_from,
        cast(null as timestamp) as valid_to,
        known_on,
        cast(null as date) as ended_on
    from period_starts
    where version_count = 1
)

select * from final
