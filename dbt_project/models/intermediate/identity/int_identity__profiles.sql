{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__accounts', 'customer_id') }}") }}
with records as (
    select * from {{ ref('int_identity__records') }}
    {{ filter_to_changed('int_changes__accounts', 'customer_id') }}
),

final as (
    select
        customer_id,
        min(known_on) as known_on,
        min(recorded_at) as recorded_at,
        {{ value_at_max('lower(trim(name))', 'case when name is not null then known_from end') }} as name,
        {{ value_at_max('birth_date', 'case when birth_date is not null then known_from end') }} as birth_date
    from records
    group by customer_id
)

select * from final
