{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__accounts', 'customer_id') }}") }}
with versions as (
    select
        *,
        coalesce(updated_at, timestamp '1900-01-01 00:00:00') as known_from,
        greatest(
            coalesce(_as_of, date '1900-01-01'),
            coalesce({{ add_days('updated_at', 1) }}, date '1900-01-01'),
            coalesce({{ add_days('created_at', 1) }}, date '1900-01-01')
        ) as known_on
    from {{ ref('stg_crm__customers') }}
    where
        (updated_at is null or updated_at < {{ as_of_timestamp() }})
        and (created_at is null or created_at < {{ as_of_timestamp() }})
    {{ filter_to_changed('int_changes__accounts', 'customer_id', begin='and') }}
),

final as (
    select
        customer_id,
        known_from,
        known_on,
        min(created_at) over (partition by customer_id) as recorded_at,
        name,
        {{ normal_email('email') }} as email,
        {{ normal_phone('phone') }} as phone,
        {{ normal_handle('social_handle') }} as handle,
        {{ normal_text('external_id') }} as external_id,
        {{ normal_text('merged_into_id') }} as merged_into_id,
        country,
        region,
        segment,
        language,
        birth_date,
        is_vip,
        is_contactable,
        acquisition_channel,
        owner_id,
        attributes
    from versions
)

select * from final
